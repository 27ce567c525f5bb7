/** The tools that select pixels with the pointer. */
export const rectangleTool = {
  id: 'rectangle',
  title: 'Select a rectangle (Shift adds, Alt subtracts)',
  icon: 'rectangle',
} as const;

export const lassoTool = {
  id: 'lasso',
  title: 'Select with a lasso (Shift adds, Alt subtracts)',
  icon: 'lasso',
} as const;
