/** The LTX file format: values, writers, decoder, page index, merge. Nothing here knows of stores, SQLite or the time. */
@NullMarked
package dev.runnel.ltx;

import org.jspecify.annotations.NullMarked;
