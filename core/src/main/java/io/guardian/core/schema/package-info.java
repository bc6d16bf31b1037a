/**
 * What can be searched: the schemas of stored records and the type of each of their fields.
 *
 * <p>The server's query engine and the options of the command line are both made from this one table. Start reading at
 * {@link io.guardian.core.schema.SearchSchemas}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.core.schema;
