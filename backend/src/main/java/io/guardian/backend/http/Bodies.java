package io.guardian.backend.http;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Request bodies: unzipped while read, with a limit on what arrives and on what it becomes. */
final class Bodies {
    private Bodies() {}

    /**
     * @param encoding value of {@code Content-Encoding}, empty for none
     * @param maxArriving limit in bytes as sent, {@code maxPlain} as unzipped; passing one is a 413
     */
    static InputStream open(InputStream body, String encoding, long maxArriving, long maxPlain) {
        var arriving = new Limited(body, maxArriving, "request body is larger than " + maxArriving + " bytes");
        return switch (encoding.toLowerCase(Locale.ROOT)) {
            case "", "identity" -> arriving;
            case "gzip", "x-gzip" -> unzipped(arriving, maxPlain);
            default -> throw Refusal.unsupported("content encoding `" + encoding + "` is not known, use gzip");
        };
    }

    static byte[] readAll(InputStream body) {
        try (body) {
            return body.readAllBytes();
        } catch (ZipException damaged) {
            throw Refusal.badRequest("request body is not valid gzip");
        } catch (IOException cut) {
            throw Refusal.badRequest("request body ended early");
        }
    }

    private static InputStream unzipped(InputStream arriving, long maxPlain) {
        try {
            var first = arriving.readNBytes(1);
            if (first.length == 0) {
                return new ByteArrayInputStream(first);
            }
            var whole = new java.io.SequenceInputStream(new ByteArrayInputStream(first), arriving);
            return new Limited(
                    new GZIPInputStream(whole, 16_384),
                    maxPlain,
                    "request body is larger than " + maxPlain + " bytes when unzipped");
        } catch (ZipException damaged) {
            throw Refusal.badRequest("request body is not valid gzip");
        } catch (java.io.EOFException cut) {
            throw Refusal.badRequest("request body ended early");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Ends with a refusal where a stream would go beyond its limit. */
    private static final class Limited extends FilterInputStream {
        private final String msg;
        private long left;

        Limited(InputStream in, long limit, String msg) {
            super(in);
            this.left = limit;
            this.msg = msg;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, into.length);
            if (length == 0) {
                return 0;
            }
            int count = in.read(into, offset, (int) Math.min(length, left + 1));
            if (count > left) {
                throw Refusal.tooLarge(msg);
            }
            if (count > 0) {
                left -= count;
            }
            return count;
        }

        @Override
        public long skip(long count) throws IOException {
            var scratch = new byte[(int) Math.min(count, 8_192)];
            return Math.max(0, read(scratch, 0, scratch.length));
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
