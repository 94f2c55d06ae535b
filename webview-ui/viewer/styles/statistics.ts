import { css } from 'lit';

export const statisticsStyles = css`
  statistics-pane {
    grid-row: table;
    grid-column: 1 / -1;
    overflow: auto;
    padding: 8px 14px;
  }
  .statistics .charts {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(370px, 1fr));
    gap: 8px 24px;
  }
  .chart h3 {
    margin: 10px 0 4px;
    font-size: 1em;
  }
  .chart p {
    margin: 2px 0;
  }
  .chart .values,
  .chart .bars ul {
    max-height: 210px;
    overflow: auto;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .chart .values li {
    display: grid;
    grid-template-columns: minmax(80px, 150px) 1fr minmax(92px, auto);
    gap: 8px;
    align-items: center;
    padding: 1px 0;
  }
  .chart .bar {
    height: 12px;
    background: var(--vscode-charts-blue, var(--vscode-foreground));
  }
  .title .tabs {
    display: flex;
  }
`;
