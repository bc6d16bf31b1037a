/**
 * The history: every record, searchable by time, kind and a few fields.
 *
 * <p>In come rows that were made from the event log, with the position they came from; out go whole records. The
 * history is a view: it can be thrown away and built again. Start reading at {@link io.guardian.backend.store.History};
 * {@link io.guardian.backend.store.DuckHistory} is the adapter for one machine.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.backend.store;
