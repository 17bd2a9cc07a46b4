/** Runnel's face for applications that embed it. */
@NullMarked
package dev.runnel;

import org.jspecify.annotations.NullMarked;
