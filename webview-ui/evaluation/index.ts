import { pageStyles } from '../pageStyles';
import { EvaluationApp } from './evaluationApp';
import { evaluationStyles } from './styles';

const sheets = [pageStyles, evaluationStyles].flatMap(({ styleSheet }) => styleSheet ?? []);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, ...sheets];
document.body.append(new EvaluationApp());
