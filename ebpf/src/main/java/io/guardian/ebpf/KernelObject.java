package io.guardian.ebpf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The compiled programs, as shipped with this module. */
final class KernelObject {
    private static final String RESOURCE = "guardian.bpf.o";

    private final byte[] bytes;

    private KernelObject(byte[] bytes) {
        this.bytes = bytes;
    }

    static KernelObject read() {
        try (InputStream in = KernelObject.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("resource `" + RESOURCE + "` is not in this build");
            }
            return new KernelObject(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] bytes() {
        return bytes.clone();
    }

    /** Tells these programs with this scope from others; never 0. */
    long generation(Scope scope) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes);
            scope.tops().stream()
                    .mapToLong(Scope.Target::id)
                    .sorted()
                    .forEach(id -> digest.update(
                            ByteBuffer.allocate(Long.BYTES).putLong(id).array()));
            digest.update((byte) (scope.wholeMachine() ? 1 : 0));
            digest.update((byte) scope.hierarchy().controller().code());
            digest.update((byte) scope.hierarchy().number());
            return ByteBuffer.wrap(digest.digest()).getLong() | 1;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
