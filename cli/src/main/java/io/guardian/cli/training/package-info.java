/**
 * What a start-up cache is trained with: the common commands, run once in one process against a server of this process.
 *
 * <p>Nothing here is used by a command that a person calls; it only makes the classes known that such commands load.
 * Start reading at {@link io.guardian.cli.training.Training}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.cli.training;
