package io.guardian.ebpf;

/**
 * The heap of the C library in this process.
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/malloc_trim.3.html">malloc_trim(3)</a>
 */
public final class NativeHeap {
    private NativeHeap() {}

    /**
     * Gives memory that nothing uses back to the kernel; worth a call after a sensor was opened.
     *
     * @return true if some was given back
     */
    public static boolean trim() {
        return LibC.mallocTrim(0) == 1;
    }
}
