/** Object stores: named immutable blobs, decorators around them, and the folder and memory stores. */
@NullMarked
package dev.runnel.store;

import org.jspecify.annotations.NullMarked;
