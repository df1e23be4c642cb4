/** The formats that a report is written as beside its JSON; each name is an input of the action and an option of the command line. */
export const FORMAT_NAMES = ['sarif', 'junit', 'html', 'markdown'] as const;

export type Format = (typeof FORMAT_NAMES)[number];
