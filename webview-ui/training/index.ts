import plotStyles from 'uplot/dist/uPlot.min.css';
import { trainingStyles } from './styles';
import { TrainingApp } from './trainingApp';
import './linePlot';

const plotSheet = new CSSStyleSheet();
plotSheet.replaceSync(plotStyles);
const sheets = trainingStyles.styleSheet ? [trainingStyles.styleSheet] : [];
document.adoptedStyleSheets = [...document.adoptedStyleSheets, plotSheet, ...sheets];
document.body.append(new TrainingApp());
