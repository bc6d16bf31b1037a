/** Guardian ebpf. */
@org.jspecify.annotations.NullMarked
package io.guardian.ebpf;
