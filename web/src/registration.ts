/** Registration pages, improved. Each works as plain forms without this. */
export {}
