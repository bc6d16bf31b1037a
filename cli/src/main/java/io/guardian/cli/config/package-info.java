/**
 * The files of {@code ~/.spyctl}: contexts, secrets, workspaces, and the cache of organisation uids.
 *
 * <p>In come a directory and the environment; out goes which server to talk to, for which organisation, with which
 * filters. Files are replaced atomically and are readable by their owner only where they hold keys. Start reading at
 * {@link io.guardian.cli.config.Settings}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.cli.config;
