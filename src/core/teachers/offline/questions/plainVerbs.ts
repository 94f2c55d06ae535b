/** Verbs that say what one thing does to another so plainly that "What does X …?" is a question by itself. */
export const plainVerbs: ReadonlySet<string> = new Set(
  `absorb attract block bring capture carry catch cause collect combine connect contain control convert cover create cross damage
  deliver depict describe design destroy detect determine develop discover display drive eat emit encourage export express filter form
  generate govern guard handle house hunt illuminate import indicate inhibit introduce invent join kill lack lead consist depend rely belong
  refer contribute serve act link manage manufacture measure monitor operate paint patent perform pollinate prevent process produce
  promote propose protect prove publish receive record reflect regulate release remove repel replace represent require resist reveal seal
  separate show signal specialise specialize store study supply support suppress surround teach test transmit transport trap trigger
  trap wash write found establish compose sell inherit win`.split(/\s+/u),
);
