/** The version, as the bundle was built with it; `development` in a checkout. */
export const VERSION: string = process.env['SIGMA_OPERATOR_VERSION'] ?? 'development';
