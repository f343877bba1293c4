// Fyren in Azure, in Sweden Central: Container Apps behind their own TLS, PostgreSQL on a private network, Key Vault, Azure
// OpenAI, and the bot with its channel to Teams. deploy/install.md tells how it is deployed.
//
//   az group create --name fyren --location swedencentral
//   az deployment group create --resource-group fyren --template-file deploy/azure/main.bicep \
//     --parameters deploy/azure/main.bicepparam

targetScope = 'resourceGroup'

@description('Where everything is; data stays in Sweden.')
param location string = 'swedencentral'

@description('Beginning of every name: letters and digits, at most 12.')
@maxLength(12)
param name string = 'fyren'

@description('The image, in a registry that the identity may read.')
param image string

@description('Name of the container registry in this resource group that the image is in; empty for one that anybody may read.')
param registryName string = ''

@description('Tenants whose people are answered, separated by commas.')
param allowedTenants string

@description('Which municipality the people of a tenant answer for, as in FYREN_TENANT_ORGANISATIONS.')
param tenantOrganisations string = ''

@description('Client id of the registration by which people sign in to the web pages; empty offers no sign-in.')
param signinClientId string = ''

@description('Its client secret.')
@secure()
param signinClientSecret string = ''

@description('Password of the database\'s administrator.')
@secure()
param databasePassword string

@description('The language model: its name and version in Azure OpenAI. Empty gives answers as quotes, without a model.')
param modelName string = ''
param modelVersion string = ''

@description('Thousands of tokens a minute that the model may take.')
param modelCapacity int = 50

var unique = '${name}${uniqueString(resourceGroup().id)}'
var databaseUser = 'fyren'
var withModel = !empty(modelName)
var withSignin = !empty(signinClientId)

// ------------------------------------------------------------------------------------------------------------- identity

// Who Fyren is, towards Teams and the Key Vault: no secret has to be kept or renewed for that.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${name}-identity'
  location: location
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: take('${unique}kv', 24)
  location: location
  properties: {
    tenantId: subscription().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
  }
}

// The built-in role "Key Vault Secrets User".
resource vaultReader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, identity.id, 'secrets-user')
  scope: vault
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')
  }
}

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' existing = if (!empty(registryName)) {
  name: registryName
}

// The built-in role "AcrPull".
resource registryReader 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(registryName)) {
  name: guid(resourceGroup().id, registryName, identity.id, 'acr-pull')
  scope: registry
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')
  }
}

resource databaseUrl 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'database-url'
  properties: {
    value: 'postgresql+asyncpg://${databaseUser}:${uriComponent(databasePassword)}@${database.properties.fullyQualifiedDomainName}/fyren?ssl=require'
  }
}

resource keysUrl 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'identity-database-url'
  properties: {
    value: 'postgresql+asyncpg://${databaseUser}:${uriComponent(databasePassword)}@${database.properties.fullyQualifiedDomainName}/fyrenkeys?ssl=require'
  }
}

resource signinSecret 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (withSignin) {
  parent: vault
  name: 'signin-client-secret'
  properties: {
    value: signinClientSecret
  }
}

resource modelKey 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (withModel) {
  parent: vault
  name: 'model-api-key'
  properties: {
    value: model!.listKeys().key1
  }
}

// -------------------------------------------------------------------------------------------------------------- network

resource network 'Microsoft.Network/virtualNetworks@2024-01-01' = {
  name: '${name}-network'
  location: location
  properties: {
    addressSpace: {
      addressPrefixes: ['10.20.0.0/16']
    }
    subnets: [
      {
        name: 'apps'
        properties: {
          addressPrefix: '10.20.0.0/23'
          delegations: [
            {
              name: 'apps'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'database'
        properties: {
          addressPrefix: '10.20.2.0/28'
          delegations: [
            {
              name: 'database'
              properties: {
                serviceName: 'Microsoft.DBforPostgreSQL/flexibleServers'
              }
            }
          ]
        }
      }
    ]
  }
}

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: '${unique}.private.postgres.database.azure.com'
  location: 'global'
}

resource zoneLink 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2020-06-01' = {
  parent: zone
  name: 'network'
  location: 'global'
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: network.id
    }
  }
}

// ------------------------------------------------------------------------------------------------------------- database

resource database 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: '${unique}-db'
  location: location
  dependsOn: [zoneLink]
  sku: {
    name: 'Standard_B2s'
    tier: 'Burstable'
  }
  properties: {
    version: '16'
    administratorLogin: databaseUser
    administratorLoginPassword: databasePassword
    storage: {
      storageSizeGB: 32
      autoGrow: 'Enabled'
    }
    backup: {
      backupRetentionDays: 14
      geoRedundantBackup: 'Disabled'
    }
    highAvailability: {
      mode: 'Disabled'
    }
    network: {
      delegatedSubnetResourceId: network.properties.subnets[1].id
      privateDnsZoneArmResourceId: zone.id
    }
  }
}

resource extensions 'Microsoft.DBforPostgreSQL/flexibleServers/configurations@2024-08-01' = {
  parent: database
  name: 'azure.extensions'
  properties: {
    value: 'VECTOR'
    source: 'user-override'
  }
}

resource fyrenDatabase 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2024-08-01' = {
  parent: database
  name: 'fyren'
  dependsOn: [extensions]
  properties: {
    charset: 'UTF8'
    collation: 'sv_SE.utf8'
  }
}

// The keys between people and answers, apart from the answers: no role but the service's own reads both.
resource keysDatabase 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2024-08-01' = {
  parent: database
  name: 'fyrenkeys'
  dependsOn: [fyrenDatabase]
  properties: {
    charset: 'UTF8'
    collation: 'sv_SE.utf8'
  }
}

// ------------------------------------------------------------------------------------------------------- language model

resource model 'Microsoft.CognitiveServices/accounts@2024-10-01' = if (withModel) {
  name: '${unique}-model'
  location: location
  kind: 'OpenAI'
  sku: {
    name: 'S0'
  }
  properties: {
    customSubDomainName: '${unique}-model'
    publicNetworkAccess: 'Enabled'
  }
}

resource modelDeployment 'Microsoft.CognitiveServices/accounts/deployments@2024-10-01' = if (withModel) {
  parent: model
  name: 'answers'
  // Regional: questions are handled in Sweden, not wherever there is room.
  sku: {
    name: 'Standard'
    capacity: modelCapacity
  }
  properties: {
    model: {
      format: 'OpenAI'
      name: modelName
      version: modelVersion
    }
  }
}

// ------------------------------------------------------------------------------------------------------------ the service

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: '${name}-logs'
  location: location
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: 30
  }
}

resource environment 'Microsoft.App/managedEnvironments@2024-03-01' = {
  name: '${name}-environment'
  location: location
  properties: {
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: {
        customerId: logs.properties.customerId
        sharedKey: logs.listKeys().primarySharedKey
      }
    }
    vnetConfiguration: {
      infrastructureSubnetId: network.properties.subnets[0].id
    }
    workloadProfiles: [
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
    ]
  }
}

var secrets = concat(
  [
    {
      name: 'database-url'
      keyVaultUrl: databaseUrl.properties.secretUri
      identity: identity.id
    }
    {
      name: 'identity-database-url'
      keyVaultUrl: keysUrl.properties.secretUri
      identity: identity.id
    }
  ],
  withSignin ? [
    {
      name: 'signin-client-secret'
      keyVaultUrl: signinSecret!.properties.secretUri
      identity: identity.id
    }
  ] : [],
  withModel ? [
    {
      name: 'model-api-key'
      keyVaultUrl: modelKey!.properties.secretUri
      identity: identity.id
    }
  ] : []
)

var settings = concat(
  [
    { name: 'FYREN_PUBLIC_URL', value: 'https://${name}.${environment.properties.defaultDomain}' }
    { name: 'FYREN_DATABASE_URL', secretRef: 'database-url' }
    { name: 'FYREN_IDENTITY_DATABASE_URL', secretRef: 'identity-database-url' }
    { name: 'FYREN_TEAMS_APP_ID', value: identity.properties.clientId }
    { name: 'FYREN_TEAMS_APP_TYPE', value: 'managed_identity' }
    { name: 'FYREN_TEAMS_TENANT_ID', value: subscription().tenantId }
    { name: 'FYREN_TEAMS_ALLOWED_TENANTS', value: allowedTenants }
    { name: 'FYREN_TENANT_ORGANISATIONS', value: tenantOrganisations }
  ],
  withSignin ? [
    { name: 'FYREN_SIGNIN_AUTHORITY', value: '${az.environment().authentication.loginEndpoint}${subscription().tenantId}/v2.0' }
    { name: 'FYREN_SIGNIN_CLIENT_ID', value: signinClientId }
    { name: 'FYREN_SIGNIN_CLIENT_SECRET', secretRef: 'signin-client-secret' }
  ] : [],
  withModel ? [
    { name: 'FYREN_MODEL_PROVIDER', value: 'azure' }
    { name: 'FYREN_MODEL_NAME', value: modelDeployment!.name }
    { name: 'FYREN_MODEL_BASE_URL', value: model!.properties.endpoint }
    { name: 'FYREN_MODEL_API_KEY', secretRef: 'model-api-key' }
  ] : []
)

resource app 'Microsoft.App/containerApps@2024-03-01' = {
  name: name
  location: location
  dependsOn: [vaultReader, registryReader, fyrenDatabase, keysDatabase]
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    environmentId: environment.id
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: true
        targetPort: 3978
        allowInsecure: false
        transport: 'http'
      }
      registries: !empty(registryName) ? [
        {
          server: split(image, '/')[0]
          identity: identity.id
        }
      ] : []
      secrets: secrets
    }
    template: {
      terminationGracePeriodSeconds: 30
      containers: [
        {
          name: 'fyren'
          image: image
          env: settings
          resources: {
            cpu: json('1.0')
            memory: '2Gi'
          }
          volumeMounts: [
            {
              volumeName: 'state'
              mountPath: '/var/lib/fyren'
            }
          ]
          probes: [
            {
              type: 'Startup'
              httpGet: {
                path: '/healthz'
                port: 3978
              }
              periodSeconds: 10
              failureThreshold: 60
            }
            {
              type: 'Liveness'
              httpGet: {
                path: '/healthz'
                port: 3978
              }
              periodSeconds: 15
              timeoutSeconds: 5
            }
            {
              type: 'Readiness'
              httpGet: {
                path: '/readyz'
                port: 3978
              }
              periodSeconds: 5
              timeoutSeconds: 5
            }
          ]
        }
      ]
      scale: {
        minReplicas: 2
        maxReplicas: 4
      }
      volumes: [
        {
          name: 'state'
          storageType: 'EmptyDir'
        }
      ]
    }
  }
}

// ------------------------------------------------------------------------------------------------------------------ bot

resource bot 'Microsoft.BotService/botServices@2022-09-15' = {
  name: '${unique}-bot'
  location: 'global'
  kind: 'azurebot'
  sku: {
    name: 'F0'
  }
  properties: {
    displayName: 'Fyren'
    endpoint: 'https://${app.properties.configuration.ingress.fqdn}/api/messages'
    msaAppId: identity.properties.clientId
    msaAppType: 'UserAssignedMSI'
    msaAppMSIResourceId: identity.id
    msaAppTenantId: subscription().tenantId
    disableLocalAuth: true
  }
}

resource teams 'Microsoft.BotService/botServices/channels@2022-09-15' = {
  parent: bot
  name: 'MsTeamsChannel'
  location: 'global'
  properties: {
    channelName: 'MsTeamsChannel'
    properties: {
      isEnabled: true
    }
  }
}

@description('What FYREN_TEAMS_APP_ID is; for `fyren teams package`.')
output appId string = identity.properties.clientId

@description('What FYREN_PUBLIC_URL is.')
output address string = 'https://${app.properties.configuration.ingress.fqdn}'
