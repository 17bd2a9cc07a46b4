/** S3 and everything that speaks it as an object store. */
@NullMarked
package dev.runnel.s3;

import org.jspecify.annotations.NullMarked;
