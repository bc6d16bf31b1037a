/**
 * Checks of what is installed in a Kubernetes cluster: the Helm chart, the plain manifests made from it, and the
 * images' build files. Helm itself renders the chart; each object is held against the fields of the Kubernetes API.
 *
 * <p>Not checked here, for want of an API server: what it refuses beyond unknown, missing and mistyped fields, and what
 * admission, scheduling and the kubelet make of the objects.
 *
 * <p>Start reading at {@link io.guardian.checks.install.Chart}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.checks.install;
