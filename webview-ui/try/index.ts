import { pageStyles } from '../pageStyles';
import { tryStyles } from './styles';
import { TryApp } from './tryApp';

const sheets = [pageStyles, tryStyles].flatMap(({ styleSheet }) => styleSheet ?? []);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, ...sheets];
document.body.append(new TryApp());
