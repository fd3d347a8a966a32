import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { WatchedFiles } from './watched-files.ts';

const EMPTY = Buffer.alloc(0);

export interface TlsFiles {
  /** PEM: the receiver's certificate, and any between it and its CA. */
  readonly certFile: string;
  readonly keyFile: string;
  /** PEM: who signs the certificates of those who deliver. Without it no certificate is asked for. */
  readonly clientCaFile?: string | undefined;
}

export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca?: Buffer;
  readonly minVersion: 'TLSv1.2';
}

/** Reads and checks what TLS needs, and does so again when the files are replaced. */
export async function watchTlsFiles({ certFile, keyFile, clientCaFile }: TlsFiles): Promise<WatchedFiles<TlsMaterial>> {
  const paths = clientCaFile === undefined ? [certFile, keyFile] : [certFile, keyFile, clientCaFile];
  return await WatchedFiles.open(paths, tlsMaterial);
}

/** Throws where the key is not the certificate's, or the CA is no certificate: without one, any public CA would do. */
function tlsMaterial([cert = EMPTY, key = EMPTY, ca]: readonly Buffer[]): TlsMaterial {
  if (ca !== undefined) void new X509Certificate(ca);
  const material = { cert, key, ...(ca !== undefined && { ca }), minVersion: 'TLSv1.2' as const };
  createSecureContext(material);
  return material;
}
