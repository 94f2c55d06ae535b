import { DatasetViewer } from './viewerApp';
import { detailStyles, treeStyles } from './styles/detail';
import { frameStyles } from './styles/frame';
import { tableStyles } from './styles/table';
import './rowTable';

const sheets = [frameStyles, tableStyles, detailStyles, treeStyles]
  .map(({ styleSheet }) => styleSheet)
  .filter((sheet) => sheet !== undefined);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, ...sheets];
document.body.append(new DatasetViewer());
