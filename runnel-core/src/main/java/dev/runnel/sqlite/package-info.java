/** SQLite's own formats and files: database header, WAL, wal-index, and the one owner of their descriptors. */
@NullMarked
package dev.runnel.sqlite;

import org.jspecify.annotations.NullMarked;
