"""Teaching where: the head of the maps, on boxes, when the network has learnt what there is."""
