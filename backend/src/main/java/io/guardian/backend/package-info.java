/** Guardian backend. */
@org.jspecify.annotations.NullMarked
package io.guardian.backend;
