// On a narrow screen the row of a draft's places is longer than the window: the one we are at is brought into it.
document.querySelector('.draft-places [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
