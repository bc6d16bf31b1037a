/**
 * The only native code of the project: the kernel programs, the library that loads them, and a few system calls that
 * the JDK doesn't offer.
 *
 * <p>In comes what the kernel does; out go {@link io.guardian.ebpf.KernelRecord}s in the order of the ring, and a
 * {@link io.guardian.ebpf.Snapshot} of what was there before. Nothing here knows containers, policies or the network.
 *
 * <p>Start at {@link io.guardian.ebpf.Sensor} and, for the kernel's side, at {@code src/main/c/records.h}. The way of a
 * record: a program writes it into the ring; {@code RingReader} finds it; {@code RecordDecoder} makes it a type. How
 * programs get into the kernel and outlive the process: {@code SensorOpener}, {@code Loader}, {@code Pins}. Calls into
 * C are made by {@code NativeCall} alone, under C's names in {@code LibC} and {@code LibBpf}.
 *
 * <p>Native memory has an owner each: the mapped ring belongs to the arena of its {@code RingReader}; everything else
 * is allocated for one call.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.ebpf;
