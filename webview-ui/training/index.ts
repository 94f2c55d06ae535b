import plotStyles from 'uplot/dist/uPlot.min.css';
import { pageStyles } from '../pageStyles';
import { trainingStyles } from './styles';
import { TrainingApp } from './trainingApp';
import './linePlot';

const plotSheet = new CSSStyleSheet();
plotSheet.replaceSync(plotStyles);
const sheets = [pageStyles, trainingStyles].flatMap(({ styleSheet }) => styleSheet ?? []);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, plotSheet, ...sheets];
document.body.append(new TrainingApp());
