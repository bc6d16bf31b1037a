/** How to run: from words on the command line to options that were checked. */
@org.jspecify.annotations.NullMarked
package io.guardian.cluster.setup;
