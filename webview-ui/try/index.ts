import { tryStyles } from './styles';
import { TryApp } from './tryApp';

const sheets = tryStyles.styleSheet ? [tryStyles.styleSheet] : [];
document.adoptedStyleSheets = [...document.adoptedStyleSheets, ...sheets];
document.body.append(new TryApp());
