/** The REST resources over real HTTP, on real stores in a temporary folder. */
@org.jspecify.annotations.NullMarked
package io.guardian.backend.api;
