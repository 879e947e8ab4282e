import { Table } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Section } from '../../parts/form/Section'
import classes from './Picture.module.css'

interface Props {
  title: string
  text: string
  /** The first column names the rows. */
  columns: string[]
  rows: (string | number)[][]
  children: ReactNode
}

/** A picture with the numbers it is made of, for whoever would rather read them, or cannot see it. */
export function Picture({ title, text, columns, rows, children }: Props) {
  const { t } = useTranslation()
  return (
    <Section title={title} text={text}>
      <div aria-hidden dir="ltr" className={classes.frame}>
        {children}
      </div>
      <details className={classes.numbers}>
        <summary>{t('insights.asNumbers')}</summary>
        <Table.ScrollContainer minWidth={320} mah={320}>
          <Table fz="sm" verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                {columns.map((column, place) => (
                  <Table.Th key={column} scope="col" ta={place > 0 ? 'end' : undefined}>
                    {column}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(([name, ...cells]) => (
                <Table.Tr key={name}>
                  <Table.Th scope="row" fw={400}>
                    <bdi>{name}</bdi>
                  </Table.Th>
                  {cells.map((cell, place) => (
                    <Table.Td key={place} ta="end">
                      {cell}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </details>
    </Section>
  )
}
