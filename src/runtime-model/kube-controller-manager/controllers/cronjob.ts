/**
 * Starts Jobs by the clock.
 * Source: pkg/controller/cronjob
 */
export {}
