// What the page's first script lends to those that only some pages load (load.ts).

type Dom = typeof import("./dom");

/** Kit is the little that every script needs of the document. */
export type Kit = Pick<Dom, "announce" | "button" | "calm" | "each" | "el" | "find" | "icon"> & {
  readonly lang: string;
  shrink(file: File): Promise<Blob>;
};
