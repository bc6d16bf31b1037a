/** Attribution on real runtimes: containerd with pods, plain containerd, podman, and services made by hand. */
@org.jspecify.annotations.NullMarked
package io.guardian.checks.workload;
