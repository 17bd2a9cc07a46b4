/** What an object store must do, as tests, and stores that count, lie and fail. */
@NullMarked
package dev.runnel.testkit.store;

import org.jspecify.annotations.NullMarked;
