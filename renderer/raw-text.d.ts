interface ImportMeta {
  /** Vite puts the text of the files that fit into the bundle, by path. */
  glob(pattern: string, options: { query: '?raw'; import: 'default'; eager: true }): Record<string, string>;
}
