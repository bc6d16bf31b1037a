package io.guardian.ebpf;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.function.Consumer;

/**
 * A C function whose arguments are integers or pointers, all passed as 64-bit values: the calling conventions of x86-64
 * and arm64 give each a register of its own, of which the callee reads the part it declares. So functions of the same
 * number of arguments share one method handle shape, which saves the memory of a class for each signature.
 */
final class NativeCall {
    private static final StructLayout STATE_LAYOUT = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE_LAYOUT.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    // A few bytes for each thread that calls; freed with the thread.
    private static final ThreadLocal<MemorySegment> STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE_LAYOUT));

    private final MethodHandle handle;

    private NativeCall(MethodHandle handle) {
        this.handle = handle;
    }

    /**
     * Binds a function.
     *
     * @throws NoSuchElementException if the library has no such function
     */
    @SuppressWarnings("restricted") // The one place that calls into C; the module exists for it.
    static NativeCall bind(SymbolLookup library, String name, int arity) {
        MemorySegment address = library.find(name).orElseThrow(() -> new NoSuchElementException(name));
        MemoryLayout[] arguments = new MemoryLayout[arity];
        Arrays.fill(arguments, JAVA_LONG);
        MethodHandle handle = Linker.nativeLinker()
                .downcallHandle(
                        address, FunctionDescriptor.of(JAVA_LONG, arguments), Linker.Option.captureCallState("errno"));
        return new NativeCall(handle);
    }

    /**
     * A library of this machine; it stays loaded until the JVM ends.
     *
     * @throws IllegalArgumentException if it isn't there
     */
    @SuppressWarnings("restricted") // As above.
    static SymbolLookup library(String name) {
        return SymbolLookup.libraryLookup(name, Arena.global());
    }

    /** Memory that C owns. */
    @SuppressWarnings("restricted") // The address and length come from the kernel or the library.
    static MemorySegment memory(long address, long length) {
        return MemorySegment.ofAddress(address).reinterpret(length);
    }

    /** Memory that belongs to an arena from here on; {@code cleanup} gives it back when the arena closes. */
    @SuppressWarnings("restricted") // As above.
    static MemorySegment memory(long address, long length, Arena owner, Consumer<MemorySegment> cleanup) {
        return MemorySegment.ofAddress(address).reinterpret(length, owner, cleanup);
    }

    /** The errno that the last call of this thread left. */
    static int errno() {
        return (int) ERRNO.get(STATE.get(), 0L);
    }

    /** For functions that return an int, negative on failure: that int, or the negated errno. */
    static int checked(long returned) {
        int result = (int) returned;
        return result < 0 ? -errno() : result;
    }

    long call() {
        try {
            return (long) handle.invokeExact(STATE.get());
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    long call(long a) {
        try {
            return (long) handle.invokeExact(STATE.get(), a);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    long call(long a, long b) {
        try {
            return (long) handle.invokeExact(STATE.get(), a, b);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    long call(long a, long b, long c) {
        try {
            return (long) handle.invokeExact(STATE.get(), a, b, c);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    long call(long a, long b, long c, long d) {
        try {
            return (long) handle.invokeExact(STATE.get(), a, b, c, d);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    long call(long a, long b, long c, long d, long e) {
        try {
            return (long) handle.invokeExact(STATE.get(), a, b, c, d, e);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    long call(long a, long b, long c, long d, long e, long f) {
        try {
            return (long) handle.invokeExact(STATE.get(), a, b, c, d, e, f);
        } catch (Throwable thrown) {
            throw failed(thrown);
        }
    }

    // A method handle throws only if it is called with the wrong types, which is a fault of this class.
    private static IllegalStateException failed(Throwable cause) {
        return new IllegalStateException("native call with wrong types", cause);
    }
}
