//! The list of users: search, filters, sort, pages, totals, export.
