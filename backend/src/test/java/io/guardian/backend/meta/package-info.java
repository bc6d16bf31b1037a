/** What every metadata store must do: {@link io.guardian.backend.meta.MetaStoreContract}, run on each adapter. */
@org.jspecify.annotations.NullMarked
package io.guardian.backend.meta;
