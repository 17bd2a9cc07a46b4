/**
 * What is known of the objects of a history at a replica, and the rules that follow from it in every layout: how far the
 * history restores, which objects can be believed, what is removed, which of several histories is the newest.
 */
@NullMarked
package dev.runnel.replica.inventory;

import org.jspecify.annotations.NullMarked;
