/** Writes the bytes of records, for those who stand in for the kernel. */
@org.jspecify.annotations.NullMarked
package io.guardian.ebpf;
