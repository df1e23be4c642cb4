/** The columns asked for by `--query-gpu`; `compute_cap` exists from driver 510 on, hence the shorter list. */
export const SMI_COLUMNS = [
  'index',
  'uuid',
  'name',
  'memory.total',
  'mig.mode.current',
  'driver_version',
  'compute_cap',
] as const;
export const SMI_COLUMNS_OLD: readonly string[] = SMI_COLUMNS.filter(
  (column) => column !== 'compute_cap' && column !== 'mig.mode.current',
);
