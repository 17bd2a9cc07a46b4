/** The ledger: checksum and TXID of the newest change of each page, durable, in step with the change log. */
@NullMarked
package dev.runnel.ledger;

import org.jspecify.annotations.NullMarked;
