/** Guardian core. */
@org.jspecify.annotations.NullMarked
package io.guardian.core;
