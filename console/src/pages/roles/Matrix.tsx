import { ScrollArea } from '@mantine/core'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '../../api/client'
import { Level } from '../../parts/Level'
import { byCategory } from '../../parts/categories'
import classes from './RolesPage.module.css'

/** Every permission against every role, to be compared at a glance. */
export function Matrix({
  roles,
  permissions,
}: {
  roles: Schema['RoleView'][]
  permissions: Schema['PermissionView'][]
}) {
  const { t } = useTranslation()
  return (
    <>
      <ScrollArea
        type="auto"
        offsetScrollbars
        viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t('roles.viewMatrix') }}
      >
        <table className={classes.matrix}>
          <thead>
            <tr>
              <th scope="col">{t('roles.permission')}</th>
              {roles.map(({ id, name }) => (
                <th key={id} scope="col">
                  <bdi lang="en">{name}</bdi>
                </th>
              ))}
            </tr>
          </thead>
          {byCategory(permissions).map(({ category, permissions }) => (
            <Fragment key={category}>
              <tbody>
                <tr>
                  <th scope="rowgroup" colSpan={roles.length + 1}>
                    {t(`roles.${category}`)}
                  </th>
                </tr>
                {permissions.map(({ key, name }) => (
                  <tr key={key}>
                    <th scope="row" lang="en">
                      {name}
                    </th>
                    {roles.map(({ id, levels }) => (
                      <td key={id}>
                        <Level level={levels[key] ?? 'none'} terse />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </Fragment>
          ))}
        </table>
      </ScrollArea>
      <Legend />
    </>
  )
}

function Legend() {
  const { t } = useTranslation()
  return (
    <div style={{ display: 'flex', flexWrap: 'wrap', gap: '4px 20px', marginTop: 12, fontSize: 12 }}>
      {['none', 'view', 'limited', 'edit', 'allowed'].map((level) => (
        <Level key={level} level={level} />
      ))}
      <span>
        <sup aria-hidden>{t('roles.ownMark')}</sup> {t('roles.ownLegend')}
      </span>
    </div>
  )
}
