/** The LTX file format: values, encoder, decoder, page index. Nothing here knows of stores, SQLite or the time. */
@NullMarked
package dev.runnel.ltx;

import org.jspecify.annotations.NullMarked;
