"""Teams: calls checked before anything is done, turns made of activities, replies rendered and sent. The door is
`bot.teams.receiving.endpoint.TeamsEndpoint`; everything that Microsoft's library raises is translated here."""
