/** An S3 service to test against. It takes S3Proxy, which whoever uses it has to have among the dependencies. */
@NullMarked
package dev.runnel.testkit.s3;

import org.jspecify.annotations.NullMarked;
