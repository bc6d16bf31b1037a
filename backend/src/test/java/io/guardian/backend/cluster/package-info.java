@org.jspecify.annotations.NullMarked
package io.guardian.backend.cluster;
