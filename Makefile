# What one does with Portcullis. `make` alone says what there is.
.DEFAULT_GOAL := help
.PHONY: help run test lint format bench release openapi screenshots clean

help: ## Show this
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build and start in development mode: demo data, a mailbox page, the address on the terminal
	@scripts/tools.sh build
	@scripts/console.sh build
	@cargo run --locked -p portcullis -- --dev

test: ## Run every test, on SQLite and PostgreSQL (installs and starts what that needs)
	@scripts/tools.sh build
	@scripts/console.sh build
	@scripts/test.sh
	@cargo build --locked -p portcullis
	@scripts/api.sh test
	@scripts/console.sh test

lint: ## Check formatting, lints, structure and dependencies
	@scripts/tools.sh lint
	cargo fmt --all --check
	cargo run --locked --quiet -p xtask -- lint
	@scripts/deny.sh
	cargo run --locked --quiet -p xtask -- openapi --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	@scripts/console.sh lint

format: ## Format the sources
	cargo fmt --all
	@scripts/console.sh format

openapi: ## Write openapi.json as the handlers say
	cargo run --locked --quiet -p xtask -- openapi

bench: ## Measure (release build; see docs/performance.md)
	@scripts/tools.sh build
	@scripts/console.sh build
	@cargo build --locked --release -p portcullis
	cargo run --locked --release -p bench
	cargo run --locked --release -p store --example group_commit
	@PORTCULLIS_BINARY="$${CARGO_TARGET_DIR:-$$PWD/target}/release/portcullis" scripts/console.sh bench

release: ## Build the binary to ship
	@scripts/tools.sh build
	@scripts/console.sh build
	cargo build --locked --release -p portcullis
	@binary="$${CARGO_TARGET_DIR:-target}/release/portcullis"; \
	printf '%s  %s\n' "$$(du -h "$$binary" | cut -f 1)" "$$binary"

screenshots: ## Write pictures of every page of the console into console/screenshots
	@scripts/console.sh build
	@cargo build --locked -p portcullis
	@scripts/console.sh screenshots

clean: ## Remove what was built, and the test database
	@scripts/postgres.sh stop
	cargo clean
