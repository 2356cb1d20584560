"""What Discord sends and is answered: commands, clicks, who may, what fails."""
