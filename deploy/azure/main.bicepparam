using './main.bicep'

// The image, built from deploy/Dockerfile and pushed to your own registry.
param image = 'registry.azurecr.io/fyren:2026.11.0'
param registryName = 'registry'
param allowedTenants = '00000000-0000-0000-0000-000000000000'
param tenantOrganisations = '00000000-0000-0000-0000-000000000000=Uddevalla'

// Secrets are read from the environment of whoever deploys, and stand in no file.
param databasePassword = readEnvironmentVariable('FYREN_DATABASE_PASSWORD')
param signinClientSecret = readEnvironmentVariable('FYREN_SIGNIN_CLIENT_SECRET', '')

param modelName = 'gpt-4.1-mini'
param modelVersion = '2025-04-14'
