package io.guardian.ebpf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The compiled programs, as shipped with this module. */
final class KernelObject {
    private static final String CURRENT = "guardian.bpf.o";
    private static final String BEFORE_5_12 = "guardian-before-5.12.bpf.o";
    private static final String PROBE = "probe.bpf.o";

    private final byte[] bytes;

    private KernelObject(byte[] bytes) {
        this.bytes = bytes;
    }

    /** For kernels of today. */
    static KernelObject read() {
        return read(CURRENT);
    }

    /** For kernels whose atomic addition can't return the old value. */
    static KernelObject before512() {
        return read(BEFORE_5_12);
    }

    /** The programs that only try what a kernel allows. */
    static KernelObject probe() {
        return read(PROBE);
    }

    private static KernelObject read(String resource) {
        try (InputStream in = KernelObject.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("resource `" + resource + "` is not in this build");
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
