import plotStyles from 'uplot/dist/uPlot.min.css';
import { DatasetViewer } from './viewerApp';
import { detailStyles, treeStyles } from './styles/detail';
import { frameStyles } from './styles/frame';
import { statisticsStyles } from './styles/statistics';
import { pairsStyles } from './styles/pairs';
import { tableStyles } from './styles/table';
import { twinsStyles } from './styles/twins';
import './rowTable';

const sheets = [frameStyles, tableStyles, detailStyles, treeStyles, statisticsStyles, pairsStyles, twinsStyles]
  .map(({ styleSheet }) => styleSheet)
  .filter((sheet) => sheet !== undefined);
const plotSheet = new CSSStyleSheet();
plotSheet.replaceSync(plotStyles);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, plotSheet, ...sheets];
document.body.append(new DatasetViewer());
